#include "delivery.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>

#include "transfer.hpp"

namespace xfer {

namespace {

constexpr int max_transfers = 4;

struct Checksums {
    std::uint32_t ours;
    std::uint32_t theirs;
};

/// Sends the file once, or as often as the server answers with an error.
Checksums transfer(const Dialogue& dialogue, const Account& account, OutgoingFile& file) {
    std::uint32_t ours = 0;
    const auto send = [&] {
        ours = send_file(dialogue.connection(), account.id, account.key, file);
    };
    const Question question{"the file", send, file.size().original,
                            "see what the server says about it"};
    return dialogue.ask(question, [&](const Response& response) -> Checksums {
        const auto& received = expect<FileReceived>(response);
        expect_id(received.client, account.id);
        return {ours, received.cksum};
    });
}

/// Sends the last message about the file, 1029 or 1031, and waits for thanks.
void conclude(const Dialogue& dialogue, const Account& account, const OutgoingFile& file,
              RequestCode code) {
    const Question question = dialogue.request("the last message about the file",
                                               name_request(code, account.id, file.name()),
                                               "run again to send the file again");
    dialogue.ask(question, [&](const Response& response) {
        expect_id(expect<Thanks>(response).client, account.id);
    });
}

}  // namespace

void deliver(const Dialogue& dialogue, const Account& account, OutgoingFile& file) {
    for (int number = 1;; ++number) {
        const Checksums checksums = transfer(dialogue, account, file);
        dialogue.log() << "sent " << file.name() << ": " << file.size().original << " bytes, "
                       << file.size().packets << " packets, checksum " << checksums.ours
                       << std::endl;
        if (checksums.ours == checksums.theirs) {
            conclude(dialogue, account, file, RequestCode::crc_ok);
            dialogue.log() << "the server has the file, unchanged" << std::endl;
            return;
        }
        dialogue.log() << "the server's checksum is " << checksums.theirs << std::endl;
        if (number == max_transfers) {
            conclude(dialogue, account, file, RequestCode::crc_abort);
            throw std::runtime_error("the server's checksum was wrong after each of " +
                                     std::to_string(max_transfers) + " transfers");
        }
        // There is no answer to this (CRC-3).
        dialogue.connection().send(name_request(RequestCode::crc_bad, account.id, file.name()));
    }
}

}  // namespace xfer
