// Who the client is, and the files in which it keeps that (CFG-3, CFG-4).
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "crypto.hpp"
#include "wire.hpp"

namespace xfer {

struct Identity {
    std::string name;
    ClientId id;
    PrivateKey key;
};

/// Returns the text of a small file in the working directory. Throws
/// std::runtime_error if it is missing, too large or not to be read.
std::string read_small_file(const std::filesystem::path& path);

/// Reads me.info, and priv.key where me.info has no key in it; nothing if there
/// is no me.info. Throws FormatError and KeyError for files that are damaged:
/// to register anew instead is for the user to decide.
std::optional<Identity> load_identity();

/// Writes priv.key and then me.info, which makes the next run log in. At no
/// moment can anybody but their owner read them (CFG-6), and neither is ever
/// there in part. Throws std::runtime_error.
void save_identity(const Identity& identity);

}  // namespace xfer
