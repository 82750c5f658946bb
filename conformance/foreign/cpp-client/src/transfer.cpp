#include "transfer.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <utility>

#include "cksum.hpp"

namespace xfer {

namespace {

// How much of the file is read, encrypted and sent at a time: enough that system
// calls do not count.
constexpr std::size_t batch_size = 64 * packet_content;

}  // namespace

Packer::Packer(const ClientId& client, std::string file_name, const TransferSize& size,
               const AesKey& key)
    : client_(client), file_name_(std::move(file_name)), size_(size), encrypter_(key) {}

void Packer::append(ByteView plain, Bytes& out) {
    do {
        ++number_;
        const std::uint32_t before = (number_ - 1U) * packet_content;
        const std::uint32_t content = std::min(packet_content, size_.content - before);
        append_packet_head(out, client_,
                           {size_.content, size_.original, number_, size_.packets, file_name_},
                           content);
        if (done()) {
            encrypter_.finish(plain, out);
            return;
        }
        encrypter_.encrypt(plain.take(packet_content), out);
    } while (!plain.empty());
}

std::uint32_t send_file(Connection& connection, const ClientId& client, const AesKey& key,
                        OutgoingFile& file) {
    Packer packer(client, file.name(), file.size(), key);
    Cksum cksum;
    Bytes plain;
    Bytes packets;
    boost::asio::thread_pool worker(1);  // its destructor waits for it, so it comes last

    file.rewind();
    while (!packer.done()) {
        file.read(plain, batch_size);
        auto added =
            boost::asio::post(worker, boost::asio::use_future([&] { cksum.update(plain); }));
        packets.clear();
        packer.append(plain, packets);
        connection.send(packets);
        added.get();
    }
    file.check_unchanged();
    return cksum.value();
}

}  // namespace xfer
