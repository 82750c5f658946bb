// The checksum of the POSIX utility cksum (section 4.5 of the protocol).
#pragma once

#include <cstdint>

#include "bytes.hpp"

namespace xfer {

/// The checksum of what has been added so far.
class Cksum {
  public:
    void update(ByteView bytes);

    /// Returns the checksum of the file, if it ends here.
    std::uint32_t value() const;

  private:
    std::uint32_t crc_ = 0;
    std::uint64_t length_ = 0;
};

}  // namespace xfer
