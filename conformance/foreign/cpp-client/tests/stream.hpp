// Responses as they come over a connection.
#pragma once

#include <cstddef>
#include <vector>

#include "bytes.hpp"
#include "wire.hpp"

namespace vectors {

/// The sizes of the pieces in which streams arrive here (FRM-5).
constexpr std::size_t piece_sizes[] = {1, 11, 100'000};

/// Receives so many responses as the client does, from a server that sends these bytes
/// in pieces and then closes the connection. Throws what the client would.
std::vector<xfer::Response> receive(const xfer::Bytes& stream, std::size_t piece,
                                    std::size_t responses);

}  // namespace vectors
