#include <stdexcept>
#include <variant>

#include "connection.hpp"
#include "frames.hpp"
#include "stream.hpp"

namespace vectors {

namespace {

/// What the client does with a response besides reading it.
void unwrap_key(const xfer::Response& response, const Json& vector) {
    if (!vector.contains("privateKey")) {
        return;
    }
    const auto key = xfer::PrivateKey::from_der(bytes_of(vector, "privateKey"));
    if (const auto* accepted = std::get_if<xfer::KeyAccepted>(&response.body)) {
        key.unwrap(accepted->wrapped);
    } else {
        key.unwrap(std::get<xfer::LoginAccepted>(response.body).wrapped);
    }
}

}  // namespace

void check_message(const Json& vector) {
    const auto frame = bytes_of(vector, "hex");
    if (vector.at("from") == "client") {
        if (!vector.at("canonical").get<bool>()) {
            throw NotForClient("requests that a client does not write like this");
        }
        demand(encode(vector) == frame, "encoded otherwise");
        return;
    }
    demand_fields(decode_whole(frame), vector);
    for (const std::size_t piece : piece_sizes) {
        demand_fields(receive(frame, piece, 1).front(), vector);
    }
}

void check_negative(const Json& vector) {
    if (vector.at("from") == "client") {
        throw NotForClient("wrong requests, which a client neither reads nor writes");
    }
    const auto frame = bytes_of(vector, "hex");
    demand_refusal<xfer::BadResponse, xfer::KeyError, std::out_of_range>(
        [&] { unwrap_key(decode_whole(frame), vector); });
    for (const std::size_t piece : piece_sizes) {
        demand_refusal<xfer::BadResponse, xfer::KeyError, xfer::ConnectionError>(
            [&] { unwrap_key(receive(frame, piece, 1).front(), vector); });
    }
}

}  // namespace vectors
