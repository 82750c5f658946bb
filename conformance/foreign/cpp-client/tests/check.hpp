// What the checks of all kinds of vectors share.
#pragma once

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "bytes.hpp"
#include "crypto.hpp"
#include "encoding.hpp"

namespace vectors {

using Json = nlohmann::json;

/// A vector that the client's library does not agree with.
class Mismatch : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A vector that tests something which a client does not do; what() says what.
class NotForClient : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

inline void demand(bool holds, const std::string& otherwise) {
    if (!holds) {
        throw Mismatch(otherwise);
    }
}

/// Demands that a call throws one of these exceptions.
template <typename... Refusals, typename Call>
void demand_refusal(Call call) {
    try {
        call();
    } catch (const std::exception& error) {
        if ((... || (dynamic_cast<const Refusals*>(&error) != nullptr))) {
            return;
        }
        throw;
    }
    throw Mismatch("accepted, but to be refused");
}

/// Returns a member of a vector that holds bytes.
inline xfer::Bytes bytes_of(const Json& vector, const char* member) {
    const auto bytes = xfer::decode_hex(vector.at(member).get<std::string>());
    demand(bytes.has_value(), std::string(member) + " is not hexadecimal");
    return *bytes;
}

/// The same for a known number of bytes.
template <typename Array>
Array array_of(const Json& vector, const char* member) {
    const xfer::Bytes bytes = bytes_of(vector, member);
    Array array{};
    demand(bytes.size() == array.size(), std::string(member) + " has another length");
    std::copy(bytes.begin(), bytes.end(), array.begin());
    return array;
}

inline bool breaks(const Json& vector) {
    return vector.contains("breaks");
}

// Each checks one vector of its kind. It returns if all is well, throws
// NotForClient, or throws whatever is wrong.

void check_message(const Json& vector);
void check_negative(const Json& vector);
void check_conversation(const Json& vector);
void check_cksum(const Json& vector);
void check_public_key(const Json& vector);
void check_unwrap(const Json& vector);
void check_cbc(const Json& vector);
void check_state(const Json& vector);

}  // namespace vectors
