// A TCP connection to the server, on which every wait has an end.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

#include "bytes.hpp"
#include "wire.hpp"

namespace xfer {

/// The connection was not made, is lost, or the other side does nothing for too
/// long (RTY-5, RTY-8).
class ConnectionError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Connection {
  public:
    using Duration = std::chrono::steady_clock::duration;

    /// How long the server may take to let itself be connected to, to take what is
    /// sent, and to answer a request that is no work.
    static constexpr std::chrono::seconds time_limit{30};

    /// Connects, or throws ConnectionError.
    explicit Connection(const boost::asio::ip::tcp::endpoint& server);

    /// Sends all bytes. After a ConnectionError there may still be something to
    /// receive.
    void send(ByteView bytes);

    /// Receives the next response. Throws ConnectionError if it is not there
    /// within the time limit, and BadResponse if it is none: the payload of that is
    /// then skipped by the next call, as far as that is reasonable. What a header
    /// declares takes up no memory (SEC-1).
    Response receive(Duration limit);

  private:
    using Clock = std::chrono::steady_clock;

    template <typename Start>
    void await(Clock::time_point deadline, const std::string& doing, Start start);
    void read(std::uint8_t* data, std::size_t size, Clock::time_point deadline);
    void skip(Clock::time_point deadline);

    boost::asio::io_context io_;
    boost::asio::ip::tcp::socket socket_;
    std::uint32_t to_skip_ = 0;
};

}  // namespace xfer
