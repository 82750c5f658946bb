#include "outgoing_file.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <stdexcept>
#include <system_error>

#include "crypto.hpp"
#include "wire.hpp"

namespace xfer {

namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t max_packets = std::numeric_limits<std::uint16_t>::max();
// Its ciphertext, at least one byte longer, fills all packets.
constexpr std::uint32_t max_file_size = max_packets * packet_content - 1;

/// Returns what follows the last separator. Both kinds count: a server might take
/// a backslash in a name for one.
std::string base_name(const std::string& path) {
    std::string name = path.substr(path.find_last_of("/\\") + 1);
    if (name.empty() || name.size() > max_text_size || !is_printable(name)) {
        throw std::runtime_error("the name of the file is not 1 to " +
                                 std::to_string(max_text_size) +
                                 " characters of printable ASCII: " + path);
    }
    return name;
}

/// Before a file is opened: to open a pipe would block.
std::uintmax_t regular_size(const fs::path& path) {
    if (!fs::exists(path)) {
        throw std::runtime_error("the file to send is missing: " + path.string());
    }
    if (!fs::is_regular_file(path)) {
        throw std::runtime_error("what is to be sent is not a regular file: " + path.string());
    }
    return fs::file_size(path);
}

}  // namespace

TransferSize TransferSize::of(std::uintmax_t file_size) {
    if (file_size > max_file_size) {
        throw std::length_error("the file has " + std::to_string(file_size) + " bytes, at most " +
                                std::to_string(max_file_size) + " fit into " +
                                std::to_string(max_packets) + " packets");
    }
    const auto original = static_cast<std::uint32_t>(file_size);
    const auto content =
        static_cast<std::uint32_t>((original / aes_block_size + 1) * aes_block_size);
    const auto packets =
        static_cast<std::uint16_t>((content + packet_content - 1) / packet_content);
    return {original, content, packets};
}

OutgoingFile::OutgoingFile(const fs::path& path)
    : path_(path),
      name_(base_name(path.string())),
      size_(TransferSize::of(regular_size(path))),
      modified_(fs::last_write_time(path)),
      in_(path, std::ios::binary),
      left_(size_.original) {
    if (!in_) {
        throw std::system_error(errno, std::generic_category(),
                                "the file to send cannot be opened: " + path.string());
    }
}

void OutgoingFile::rewind() {
    in_.clear();
    in_.seekg(0);
    left_ = size_.original;
}

void OutgoingFile::read(Bytes& buffer, std::size_t most) {
    buffer.resize(std::min<std::size_t>(most, left_));
    // An istream reads characters; bytes may be looked at as such.
    in_.read(reinterpret_cast<char*>(buffer.data()), static_cast<std::streamsize>(buffer.size()));
    if (!in_) {
        throw std::runtime_error("the file to send cannot be read to its end: " + path_.string());
    }
    left_ -= static_cast<std::uint32_t>(buffer.size());
}

void OutgoingFile::check_unchanged() const {
    if (fs::file_size(path_) != size_.original || fs::last_write_time(path_) != modified_) {
        throw std::runtime_error("the file changed while it was sent: " + path_.string());
    }
}

}  // namespace xfer
