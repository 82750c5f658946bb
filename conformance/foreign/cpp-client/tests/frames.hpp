// Frames as the vectors have them, in the client's terms.
#pragma once

#include "bytes.hpp"
#include "check.hpp"
#include "wire.hpp"

namespace vectors {

/// Encodes the request of a vector from its fields.
xfer::Bytes encode(const Json& vector);

/// Decodes bytes that are known to be all of a response.
xfer::Response decode_whole(const xfer::Bytes& frame);

/// Demands that a response has the values of a vector's fields.
void demand_fields(const xfer::Response& response, const Json& vector);

}  // namespace vectors
