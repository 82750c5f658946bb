// One sending of a file: packets 1 to total (FIL-1 to FIL-6).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "bytes.hpp"
#include "connection.hpp"
#include "crypto.hpp"
#include "outgoing_file.hpp"
#include "wire.hpp"

namespace xfer {

/// Turns a file into the packets of one transfer. Up to the last block a
/// ciphertext is as long as its plaintext. So a packet carries its own 1024 bytes
/// of the file, and the last one what remains, possibly nothing, and the padding.
class Packer {
  public:
    Packer(const ClientId& client, std::string file_name, const TransferSize& size,
           const AesKey& key);

    /// Appends the packets that carry the next bytes of the file. They are a whole
    /// number of packet_content, or all that is left.
    void append(ByteView plain, Bytes& out);

    /// Says whether the last packet has been appended.
    bool done() const { return number_ == size_.packets; }

  private:
    ClientId client_;
    std::string file_name_;
    TransferSize size_;
    CbcEncrypter encrypter_;
    std::uint16_t number_ = 0;  // of the packet that was appended last
};

/// Sends the whole file and returns its checksum (CRC-1), which is computed while
/// the file is encrypted and sent. Throws ConnectionError, or std::runtime_error
/// for a file that cannot be read to its end.
std::uint32_t send_file(Connection& connection, const ClientId& client, const AesKey& key,
                        OutgoingFile& file);

}  // namespace xfer
