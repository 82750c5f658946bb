// How the file gets to the server, and how both make sure that it did (CRC).
#pragma once

#include "account.hpp"
#include "dialogue.hpp"
#include "outgoing_file.hpp"

namespace xfer {

/// Sends the file until the checksums agree, and returns when the server has thanked
/// for that (CRC-5). Throws std::runtime_error after the fourth mismatch (CRC-7).
void deliver(const Dialogue& dialogue, const Account& account, OutgoingFile& file);

}  // namespace xfer
