// The file to send.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "bytes.hpp"

namespace xfer {

/// The bytes of ciphertext in every packet but the last (FIL-5).
constexpr std::uint32_t packet_content = 1024;

/// How a file of a size travels.
struct TransferSize {
    std::uint32_t original;  // of the file, in bytes
    std::uint32_t content;   // of its ciphertext, in bytes
    std::uint16_t packets;

    /// Throws std::length_error if it takes more packets than can be numbered (FIL-22).
    static TransferSize of(std::uintmax_t file_size);
};

/// A regular file, opened and found to be fit for sending.
class OutgoingFile {
  public:
    /// Throws std::runtime_error with what keeps the file from being sent: it cannot
    /// be read, is too large (FIL-22), or its base name does not fit on the wire.
    explicit OutgoingFile(const std::filesystem::path& path);

    const std::string& name() const { return name_; }  // on the wire (FIL-24)
    const TransferSize& size() const { return size_; }

    /// Goes back to the beginning.
    void rewind();

    /// Reads on into a buffer: as much as most, less only at the end of the file.
    /// Throws std::runtime_error if the file has become shorter.
    void read(Bytes& buffer, std::size_t most);

    /// Throws std::runtime_error if the file is not what it was when it was opened.
    void check_unchanged() const;

  private:
    std::filesystem::path path_;
    std::string name_;
    TransferSize size_;
    std::filesystem::file_time_type modified_;
    std::ifstream in_;
    std::uint32_t left_;
};

}  // namespace xfer
