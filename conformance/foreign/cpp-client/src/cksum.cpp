#include "cksum.hpp"

#include <array>

namespace xfer {

namespace {

constexpr std::array<std::uint32_t, 256> make_table() {
    constexpr std::uint32_t polynomial = 0x04C11DB7;
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t crc = i << 24;
        for (int step = 0; step < 8; ++step) {
            const bool carry = (crc & 0x80000000) != 0;
            crc = crc << 1 ^ (carry ? polynomial : 0);
        }
        table[i] = crc;
    }
    return table;
}

constexpr std::array<std::uint32_t, 256> table = make_table();

constexpr std::uint32_t add(std::uint32_t crc, std::uint8_t byte) {
    return crc << 8 ^ table[crc >> 24 ^ byte];
}

}  // namespace

void Cksum::update(ByteView bytes) {
    std::uint32_t crc = crc_;  // the compiler cannot keep a member in a register
    for (const std::uint8_t byte : bytes) {
        crc = add(crc, byte);
    }
    crc_ = crc;
    length_ += bytes.size();
}

std::uint32_t Cksum::value() const {
    std::uint32_t crc = crc_;
    for (std::uint64_t rest = length_; rest > 0; rest >>= 8) {
        crc = add(crc, static_cast<std::uint8_t>(rest));
    }
    return ~crc;
}

}  // namespace xfer
