#include "connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <optional>
#include <sstream>

namespace xfer {

namespace {

// A longer payload that makes no sense is not worth reading.
constexpr std::uint32_t max_skip = 64 * 1024;

std::string to_string(const boost::asio::ip::tcp::endpoint& endpoint) {
    std::ostringstream text;
    text << endpoint;
    return text.str();
}

}  // namespace

Connection::Connection(const boost::asio::ip::tcp::endpoint& server) : socket_(io_) {
    await(Clock::now() + time_limit, "connect to " + to_string(server),
          [&](auto handler) { socket_.async_connect(server, handler); });
    // A small request must not wait until the packets before it are acknowledged.
    socket_.set_option(boost::asio::ip::tcp::no_delay(true));
}

void Connection::send(ByteView bytes) {
    await(Clock::now() + time_limit, "send to the server", [&](auto handler) {
        boost::asio::async_write(socket_, boost::asio::buffer(bytes.data(), bytes.size()), handler);
    });
}

Response Connection::receive(Duration limit) {
    const auto deadline = Clock::now() + limit;
    skip(deadline);
    std::array<std::uint8_t, response_header_size> head{};
    read(head.data(), head.size(), deadline);
    const ResponseHeader header = decode_header(head);
    to_skip_ = header.payload_size;
    check_header(header);

    Bytes payload(header.payload_size);
    read(payload.data(), payload.size(), deadline);
    to_skip_ = 0;
    return decode_response(header, payload);
}

/// Starts an operation on the socket and waits for its end.
template <typename Start>
void Connection::await(Clock::time_point deadline, const std::string& doing, Start start) {
    using boost::system::error_code;
    std::optional<error_code> outcome;
    start([&outcome](const error_code& error, auto&&...) { outcome = error; });
    io_.restart();
    io_.run_until(deadline);
    if (!outcome) {
        socket_.cancel();
        io_.run();  // the handler refers to outcome
    }
    if (*outcome == boost::asio::error::operation_aborted) {
        throw ConnectionError("cannot " + doing + ": the server did not do its part in time");
    }
    if (*outcome == boost::asio::error::eof) {
        throw ConnectionError("cannot " + doing + ": the server has closed the connection");
    }
    if (*outcome) {
        throw ConnectionError("cannot " + doing + ": " + outcome->message());
    }
}

void Connection::read(std::uint8_t* data, std::size_t size, Clock::time_point deadline) {
    await(deadline, "receive an answer", [&](auto handler) {
        boost::asio::async_read(socket_, boost::asio::buffer(data, size), handler);
    });
}

/// Reads what the last call of receive has left of a payload.
void Connection::skip(Clock::time_point deadline) {
    if (to_skip_ > max_skip) {
        throw ConnectionError("cannot receive an answer: the one before declared " +
                              std::to_string(to_skip_) + " bytes");
    }
    Bytes skipped(to_skip_);
    read(skipped.data(), skipped.size(), deadline);
    to_skip_ = 0;
}

}  // namespace xfer
