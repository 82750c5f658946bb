// The texts of transfer.info, me.info and priv.key (section 5 of the protocol).
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>

#include "bytes.hpp"
#include "wire.hpp"

namespace xfer {

/// What is wrong with one of the files; what() names the file and the line.
class FormatError : public std::runtime_error {
  public:
    /// line counts from 1; 0 where the fault is not one line's.
    FormatError(const std::string& file, std::size_t line, const std::string& reason);

    std::size_t line() const { return line_; }

  private:
    std::size_t line_;
};

/// The task (CFG-1).
struct TransferInfo {
    boost::asio::ip::tcp::endpoint server;
    std::string name;  // of the client, 1 to 100 characters
    std::string path;  // of the file to send
};

/// Who the client is (CFG-3).
struct MeInfo {
    std::string name;
    ClientId id;
    std::optional<Bytes> private_key;  // DER; without it the key is in priv.key
};

// All three readers accept line ends of any system, blanks at the end of lines
// and empty lines at the end of the file, and throw FormatError.

TransferInfo parse_transfer_info(const std::string& text);
MeInfo parse_me_info(const std::string& text);

/// Returns the DER in priv.key, which is base64, or the DER itself.
Bytes parse_priv_key(const std::string& text);

std::string format_me_info(const MeInfo& me);
std::string format_priv_key(const Bytes& der);

}  // namespace xfer
