// Bytes as text: hexadecimal digits and base64.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "bytes.hpp"

namespace xfer {

std::string encode_hex(ByteView bytes);

/// Returns the bytes of a text of hexadecimal digits of either case, none if it
/// is anything else.
std::optional<Bytes> decode_hex(std::string_view text);

/// The same for a known number of bytes.
template <std::size_t N>
std::optional<std::array<std::uint8_t, N>> decode_hex(std::string_view text) {
    const auto bytes = decode_hex(text);
    if (!bytes || bytes->size() != N) {
        return std::nullopt;
    }
    std::array<std::uint8_t, N> array{};
    std::copy(bytes->begin(), bytes->end(), array.begin());
    return array;
}

/// Returns base64 on one line, without a newline.
std::string encode_base64(ByteView bytes);

/// Says whether a text has no characters but those of base64.
bool is_base64(std::string_view text);

/// Decodes base64 on one line, none if it is anything else: Crypto++ would skip
/// what it does not know.
std::optional<Bytes> decode_base64(std::string_view text);

}  // namespace xfer
