// The program: it brings the file of transfer.info to the server, encrypted.

#include <cstdlib>
#include <exception>
#include <iostream>

#include "account.hpp"
#include "connection.hpp"
#include "delivery.hpp"
#include "dialogue.hpp"
#include "identity.hpp"
#include "outgoing_file.hpp"
#include "state_files.hpp"

namespace {

/// Throws an exception whose what() says why the server does not have the file.
void run() {
    // What can be found wrong without the server is found before connecting (CFG-5).
    const auto task = xfer::parse_transfer_info(xfer::read_small_file("transfer.info"));
    xfer::OutgoingFile file(task.path);
    const auto known = xfer::load_identity();

    xfer::Connection connection(task.server);
    const xfer::Dialogue dialogue(connection, std::cout);
    const xfer::Account account = xfer::introduce(dialogue, known, task.name);
    xfer::deliver(dialogue, account, file);
}

}  // namespace

int main(int argc, char* argv[]) {
    if (argc > 1) {
        std::cerr
            << "usage: " << argv[0]
            << "\nwhat to send, and where to, is said by transfer.info in the working directory\n";
        return EXIT_FAILURE;
    }
    try {
        run();
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        std::cerr << "fatal: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
