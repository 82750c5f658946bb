#include "stream.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <future>

#include "connection.hpp"

namespace vectors {

namespace {

using boost::asio::ip::tcp;

void send_and_close(tcp::socket& socket, xfer::ByteView rest, std::size_t piece) {
    socket.set_option(tcp::no_delay(true));
    while (!rest.empty()) {
        const xfer::ByteView bytes = rest.take(std::min(piece, rest.size()));
        boost::asio::write(socket, boost::asio::buffer(bytes.data(), bytes.size()));
    }
    socket.close();
}

}  // namespace

std::vector<xfer::Response> receive(const xfer::Bytes& stream, std::size_t piece,
                                    std::size_t responses) {
    boost::asio::io_context io;
    tcp::acceptor acceptor(io, {boost::asio::ip::address_v4::loopback(), 0});
    xfer::Connection connection(acceptor.local_endpoint());
    tcp::socket socket = acceptor.accept();
    const auto sending =
        std::async(std::launch::async, [&] { send_and_close(socket, stream, piece); });

    std::vector<xfer::Response> received;
    while (received.size() < responses) {
        received.push_back(connection.receive(xfer::Connection::time_limit));
    }
    return received;
}

}  // namespace vectors
