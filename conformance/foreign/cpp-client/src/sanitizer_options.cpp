// For builds with sanitizers: a report ends the program by a signal, so that nobody
// takes it for a failure of the protocol.

extern "C" const char* __asan_default_options() {
    return "abort_on_error=1:detect_stack_use_after_return=1";
}

extern "C" const char* __ubsan_default_options() {
    return "abort_on_error=1:print_stacktrace=1";
}
