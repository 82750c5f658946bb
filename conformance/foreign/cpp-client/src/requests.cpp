#include <algorithm>

#include "wire.hpp"

namespace xfer {

namespace {

template <typename Unsigned>
void append_integer(Bytes& out, Unsigned value) {
    for (std::size_t i = 0; i < sizeof value; ++i) {
        out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
}

void append_text(Bytes& out, std::string_view text) {
    if (text.size() > max_text_size) {
        throw std::length_error("a text of " + std::to_string(text.size()) + " bytes, at most " +
                                std::to_string(max_text_size) + " can be sent");
    }
    out.insert(out.end(), text.begin(), text.end());
    out.insert(out.end(), text_size - text.size(), 0);
}

void append_header(Bytes& out, const ClientId& client, RequestCode code, std::uint32_t payload) {
    append(out, client);
    append_integer(out, protocol_version);
    append_integer(out, static_cast<std::uint16_t>(code));
    append_integer(out, payload);
}

constexpr std::uint32_t packet_fields_size = 4 + 4 + 2 + 2 + text_size;

}  // namespace

bool is_printable(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

Bytes name_request(RequestCode code, const ClientId& client, std::string_view name) {
    Bytes out;
    append_header(out, client, code, text_size);
    append_text(out, name);
    return out;
}

Bytes public_key_request(const ClientId& client, std::string_view name, const PublicKey& key) {
    Bytes out;
    append_header(out, client, RequestCode::public_key, text_size + public_key_size);
    append_text(out, name);
    append(out, key);
    return out;
}

void append_packet_head(Bytes& out, const ClientId& client, const PacketFields& fields,
                        std::uint32_t content) {
    append_header(out, client, RequestCode::file_packet, packet_fields_size + content);
    append_integer(out, fields.content_size);
    append_integer(out, fields.original_size);
    append_integer(out, fields.number);
    append_integer(out, fields.total);
    append_text(out, fields.file_name);
}

}  // namespace xfer
