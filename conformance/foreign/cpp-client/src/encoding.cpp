#include "encoding.hpp"

#include <cryptopp/base64.h>
#include <cryptopp/hex.h>

#include <algorithm>

namespace xfer {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdefABCDEF";
constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr char base64_padding = '=';

bool consists_of(std::string_view text, std::string_view characters) {
    return text.find_first_not_of(characters) == std::string_view::npos;
}

/// Sends bytes through one of the filters of Crypto++ and returns what comes out.
Bytes filtered(CryptoPP::BufferedTransformation& filter, ByteView in) {
    filter.Put(in.data(), in.size());
    filter.MessageEnd();
    Bytes out(static_cast<std::size_t>(filter.MaxRetrievable()));
    filter.Get(out.data(), out.size());
    return out;
}

std::string to_text(const Bytes& bytes) {
    return std::string(bytes.begin(), bytes.end());
}

Bytes to_bytes(std::string_view text) {
    return Bytes(text.begin(), text.end());
}

}  // namespace

std::string encode_hex(ByteView bytes) {
    CryptoPP::HexEncoder encoder(nullptr, false);
    return to_text(filtered(encoder, bytes));
}

std::optional<Bytes> decode_hex(std::string_view text) {
    if (text.size() % 2 != 0 || !consists_of(text, hex_digits)) {
        return std::nullopt;
    }
    CryptoPP::HexDecoder decoder;
    return filtered(decoder, to_bytes(text));
}

std::string encode_base64(ByteView bytes) {
    CryptoPP::Base64Encoder encoder(nullptr, false);
    return to_text(filtered(encoder, bytes));
}

bool is_base64(std::string_view text) {
    const auto digits = text.substr(0, text.find(base64_padding));
    return consists_of(digits, base64_digits) &&
           consists_of(text.substr(digits.size()), std::string_view(&base64_padding, 1));
}

std::optional<Bytes> decode_base64(std::string_view text) {
    const auto padding = text.size() - std::min(text.find(base64_padding), text.size());
    if (text.size() % 4 != 0 || padding > 2 || !is_base64(text)) {
        return std::nullopt;
    }
    CryptoPP::Base64Decoder decoder;
    return filtered(decoder, to_bytes(text));
}

}  // namespace xfer
