// Bytes, and views of bytes that belong to somebody else.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace xfer {

using Bytes = std::vector<std::uint8_t>;

/// Bytes that somebody else owns and that must outlive the view; C++20 has
/// std::span for this.
class ByteView {
  public:
    ByteView(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
    ByteView(const Bytes& bytes) : ByteView(bytes.data(), bytes.size()) {}
    template <std::size_t N>
    ByteView(const std::array<std::uint8_t, N>& bytes) : ByteView(bytes.data(), N) {}

    const std::uint8_t* data() const { return data_; }
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    const std::uint8_t* begin() const { return data_; }
    const std::uint8_t* end() const { return data_ + size_; }

    /// Cuts the first count bytes off and returns them; throws
    /// std::out_of_range if there are fewer.
    ByteView take(std::size_t count) {
        if (count > size_) {
            throw std::out_of_range("more bytes are wanted than there are");
        }
        const ByteView taken(data_, count);
        data_ += count;
        size_ -= count;
        return taken;
    }

  private:
    const std::uint8_t* data_;
    std::size_t size_;
};

inline void append(Bytes& out, ByteView bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

}  // namespace xfer
