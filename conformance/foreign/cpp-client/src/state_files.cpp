#include "state_files.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

#include "encoding.hpp"

namespace xfer {

namespace {

constexpr std::size_t max_client_name = 100;
constexpr std::string_view blanks = " \t\r";
constexpr std::string_view blanks_and_newlines = " \t\r\n";

std::string_view without_end(std::string_view text, std::string_view characters) {
    const auto last = text.find_last_not_of(characters);
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// The lines of one of the files; lines after the last one are empty.
class Lines {
  public:
    Lines(std::string file, std::string_view text) : file_(std::move(file)) {
        text = without_end(text, blanks_and_newlines);
        if (text.empty()) {
            throw FormatError(file_, 0, "the file is empty");
        }
        while (!text.empty()) {
            const auto end = std::min(text.find('\n'), text.size());
            lines_.push_back(without_end(text.substr(0, end), blanks));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
    }

    std::size_t count() const { return lines_.size(); }

    /// Returns a line, counted from 1.
    std::string_view at(std::size_t line) const {
        return line <= lines_.size() ? lines_[line - 1] : std::string_view();
    }

    [[noreturn]] void fail(std::size_t line, const std::string& reason) const {
        throw FormatError(file_, line, reason);
    }

    std::string name(std::size_t line, std::size_t most) const {
        const std::string_view name = at(line);
        if (name.empty()) {
            fail(line, "the client's name is missing");
        }
        if (name.size() > most) {
            fail(line, "the name has " + std::to_string(name.size()) + " characters, at most " +
                           std::to_string(most) + " are allowed");
        }
        if (!is_printable(name)) {
            fail(line, "the name has characters that are not printable ASCII");
        }
        return std::string(name);
    }

    /// Joins the base64 from a line on and decodes it.
    Bytes base64(std::size_t first) const {
        std::string joined;
        for (std::size_t line = first; line <= count(); ++line) {
            if (!is_base64(at(line))) {
                fail(line, "the private key is not base64");
            }
            joined += at(line);
        }
        const auto bytes = decode_base64(joined);
        if (!bytes) {
            fail(first, "the private key is not base64, or not all of it");
        }
        return *bytes;
    }

  private:
    std::string file_;
    std::vector<std::string_view> lines_;
};

/// Reads "127.0.0.1:1256" or "[::1]:1256".
std::optional<boost::asio::ip::tcp::endpoint> parse_endpoint(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    std::string_view host = text.substr(0, colon);
    const std::string_view digits = text.substr(colon + 1);

    std::uint16_t port = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, fault] = std::from_chars(digits.data(), end, port);
    if (fault != std::errc() || stop != end || port == 0) {
        return std::nullopt;
    }
    namespace ip = boost::asio::ip;
    boost::system::error_code error;
    ip::address address;
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        address = ip::make_address_v6(std::string(host.substr(1, host.size() - 2)), error);
    } else {
        address = ip::make_address_v4(std::string(host), error);
    }
    if (error) {
        return std::nullopt;
    }
    return ip::tcp::endpoint(address, port);
}

std::string located(const std::string& file, std::size_t line, const std::string& reason) {
    return file + (line > 0 ? " line " + std::to_string(line) : "") + ": " + reason;
}

}  // namespace

FormatError::FormatError(const std::string& file, std::size_t line, const std::string& reason)
    : std::runtime_error(located(file, line, reason)), line_(line) {}

TransferInfo parse_transfer_info(const std::string& text) {
    const Lines lines("transfer.info", text);
    const auto server = parse_endpoint(lines.at(1));
    if (!server) {
        lines.fail(1, "write the server's IP address and port, such as 127.0.0.1:1256");
    }
    const std::string name = lines.name(2, max_client_name);
    if (lines.at(3).empty()) {
        lines.fail(3, "the path of the file to send is missing");
    }
    if (lines.count() > 3) {
        lines.fail(4, "there is a line more than address, name and path");
    }
    return {*server, name, std::string(lines.at(3))};
}

MeInfo parse_me_info(const std::string& text) {
    const Lines lines("me.info", text);
    MeInfo me{lines.name(1, max_text_size), {}, std::nullopt};
    const auto id = decode_hex<std::tuple_size_v<ClientId>>(lines.at(2));
    if (!id) {
        lines.fail(2, "the client id is not 32 hexadecimal digits");
    }
    me.id = *id;
    if (lines.count() > 2) {
        me.private_key = lines.base64(3);
    }
    return me;
}

Bytes parse_priv_key(const std::string& text) {
    // A private key in DER begins with a SEQUENCE, and its length takes more
    // than a byte: no text begins so.
    if (text.size() > 1 && text[0] == 0x30 && (text[1] & 0x80) != 0) {
        return Bytes(text.begin(), text.end());
    }
    return Lines("priv.key", text).base64(1);
}

std::string format_me_info(const MeInfo& me) {
    std::string text = me.name + '\n' + encode_hex(me.id) + '\n';
    if (me.private_key) {
        text += format_priv_key(*me.private_key);
    }
    return text;
}

std::string format_priv_key(const Bytes& der) {
    return encode_base64(der) + '\n';
}

}  // namespace xfer
