#include "dialogue.hpp"

#include <chrono>
#include <utility>

namespace xfer {

namespace {

/// How long an answer may take on a connection that takes nothing more: what the
/// server said before it went is here already.
constexpr std::chrono::seconds last_words_limit{1};

/// How long an answer may take (RTY-8): longer for a file, at which a server may work
/// as slowly as a million bytes in a second.
constexpr std::chrono::microseconds answer_limit(std::uint32_t work) {
    return Connection::time_limit + std::chrono::microseconds(work);
}

}  // namespace

Question Dialogue::request(std::string what, Bytes request, std::string remedy) const {
    auto send = [this, bytes = std::move(request)] { connection_.send(bytes); };
    return {std::move(what), std::move(send), 0, std::move(remedy)};
}

Response Dialogue::exchange(const Question& question) const {
    try {
        question.send();
    } catch (const ConnectionError&) {
        // A server may refuse before all is sent, and read no more.
        try {
            receive(last_words_limit);
        } catch (const ConnectionError&) {
            // It did not.
        }
        throw;
    }
    return receive(answer_limit(question.work));
}

/// Receives a response; an error response to every question is a BadResponse.
Response Dialogue::receive(Connection::Duration limit) const {
    Response response = connection_.receive(limit);
    if (std::holds_alternative<GeneralError>(response.body) ||
        std::holds_alternative<RegistrationRefused>(response.body)) {
        throw BadResponse(describe(response.header));
    }
    return response;
}

void expect_id(const ClientId& received, const ClientId& own) {
    if (received != own) {
        throw BadResponse("an answer that names another client");
    }
}

}  // namespace xfer
