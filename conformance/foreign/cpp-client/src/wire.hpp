// The numbers and layouts of edition 2024a: requests into bytes, bytes into
// responses (sections 2 and 3 of the protocol).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

#include "bytes.hpp"
#include "crypto.hpp"

namespace xfer {

using ClientId = std::array<std::uint8_t, 16>;

constexpr std::uint8_t protocol_version = 3;
constexpr std::size_t text_size = 255;                // of a text field, in bytes
constexpr std::size_t max_text_size = text_size - 1;  // of the text in it (FRM-8)

/// Says whether a text may stand in a text field: printable ASCII.
bool is_printable(std::string_view text);

enum class RequestCode : std::uint16_t {
    register_name = 1025,
    public_key = 1026,
    login = 1027,
    file_packet = 1028,
    crc_ok = 1029,
    crc_bad = 1030,
    crc_abort = 1031,
};

/// Encodes 1025, 1027, 1029, 1030 or 1031: their payload is a name and nothing
/// else. Throws std::length_error if it is longer than max_text_size.
Bytes name_request(RequestCode code, const ClientId& client, std::string_view name);

/// Encodes 1026 (KEY-1); throws like name_request.
Bytes public_key_request(const ClientId& client, std::string_view name, const PublicKey& key);

/// The fields of 1028 before its content.
struct PacketFields {
    std::uint32_t content_size;   // of the whole ciphertext, in bytes
    std::uint32_t original_size;  // of the file, in bytes
    std::uint16_t number;         // from 1
    std::uint16_t total;
    std::string_view file_name;
};

/// Appends a 1028 up to its content, which has so many bytes and has to follow;
/// throws like name_request.
void append_packet_head(Bytes& out, const ClientId& client, const PacketFields& fields,
                        std::uint32_t content);

enum class ResponseCode : std::uint16_t {
    registered = 1600,
    registration_refused = 1601,
    key_accepted = 1602,
    file_received = 1603,
    thanks = 1604,
    login_accepted = 1605,
    login_refused = 1606,
    general_error = 1607,
};

struct Registered {
    ClientId client;
};
struct RegistrationRefused {};
struct KeyAccepted {
    ClientId client;
    WrappedKey wrapped;
};
struct FileReceived {
    ClientId client;
    std::uint32_t content_size;
    std::string file_name;
    std::uint32_t cksum;
};
struct Thanks {
    ClientId client;
};
struct LoginAccepted {
    ClientId client;
    WrappedKey wrapped;
};
struct LoginRefused {
    ClientId client;
};
struct GeneralError {};

constexpr std::size_t response_header_size = 7;

struct ResponseHeader {
    std::uint8_t version;  // whatever it is, the response is taken like any other (VER-4)
    std::uint16_t code;
    std::uint32_t payload_size;
};

struct Response {
    ResponseHeader header;
    std::variant<Registered, RegistrationRefused, KeyAccepted, FileReceived, Thanks, LoginAccepted,
                 LoginRefused, GeneralError>
        body;
};

/// A response that counts as an error response, whatever it says: what() is why.
class BadResponse : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

ResponseHeader decode_header(const std::array<std::uint8_t, response_header_size>& bytes);

/// Throws BadResponse if the code is unknown (RTY-4) or the payload has not the
/// size that the code calls for. What passes has a few hundred bytes at most.
void check_header(const ResponseHeader& header);

/// Decodes a response. Throws BadResponse where check_header does, where the
/// payload is not as long as the header says, and on a text without a NUL.
Response decode_response(const ResponseHeader& header, ByteView payload);

/// Returns code and meaning, such as "1607 (general error)".
std::string describe(const ResponseHeader& header);

}  // namespace xfer
