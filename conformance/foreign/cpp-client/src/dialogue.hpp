// A request, its answer, and the repetitions in between (RTY).
#pragma once

#include <cstdint>
#include <functional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <variant>

#include "bytes.hpp"
#include "connection.hpp"
#include "wire.hpp"

namespace xfer {

/// Something that is sent to get an answer.
struct Question {
    std::string what;            // what it is called when the user is told
    std::function<void()> send;  // sends it, in the same way every time
    std::uint32_t work;          // bytes that the server has to work through first
    std::string remedy;          // what the user can do when it is always refused
};

/// The conversation on a connection, with a log of it for the user.
class Dialogue {
  public:
    Dialogue(Connection& connection, std::ostream& log) : connection_(connection), log_(log) {}

    Connection& connection() const { return connection_; }
    std::ostream& log() const { return log_; }

    /// Returns a question that consists of one request.
    Question request(std::string what, Bytes request, std::string remedy) const;

    /// Sends a question until accept returns, whose result is then returned; accept
    /// throws BadResponse for an answer that counts as an error response. Each of those
    /// is reported, and the question repeated (RTY-1). Throws std::runtime_error when
    /// it was sent 4 times (RTY-2, RTY-6), and ConnectionError.
    template <typename Accept>
    auto ask(const Question& question, Accept accept) const {
        for (int sending = 1;; ++sending) {
            try {
                return accept(exchange(question));
            } catch (const BadResponse& bad) {
                log_ << "server responded with an error: " << bad.what() << std::endl;
                if (sending == max_sendings) {
                    throw std::runtime_error(question.what + " got an error " +
                                             std::to_string(sending) + " times, the last was " +
                                             bad.what() + "; " + question.remedy);
                }
            }
        }
    }

  private:
    static constexpr int max_sendings = 4;

    Response exchange(const Question& question) const;
    Response receive(Connection::Duration limit) const;

    Connection& connection_;
    std::ostream& log_;
};

/// Returns the body of the only answer that is wanted; any other counts as an error
/// response (RTY-4).
template <typename Body>
const Body& expect(const Response& response) {
    if (const Body* body = std::get_if<Body>(&response.body)) {
        return *body;
    }
    throw BadResponse(describe(response.header) + ", which does not answer this");
}

/// An answer to somebody else counts as an error response (SEC-3).
void expect_id(const ClientId& received, const ClientId& own);

}  // namespace xfer
