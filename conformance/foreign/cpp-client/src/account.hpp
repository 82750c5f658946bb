// How the client makes itself known to the server and gets an AES key (CFG-2).
#pragma once

#include <optional>
#include <string>

#include "crypto.hpp"
#include "dialogue.hpp"
#include "identity.hpp"
#include "wire.hpp"

namespace xfer {

/// What the server knows the client by, and the key that it made for the file.
struct Account {
    ClientId id;
    AesKey key;
};

/// Logs in with an identity from an earlier run. Without one, or if the server refuses
/// it, registers the name, with a new key pair, and keeps both (LGN-9).
Account introduce(const Dialogue& dialogue, const std::optional<Identity>& known,
                  const std::string& name);

}  // namespace xfer
