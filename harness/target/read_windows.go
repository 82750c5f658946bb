package target

// nonblocking is nothing: pipes are no files of a folder.
const nonblocking = 0
