# The client under the address and undefined behaviour sanitizers, and the runner
# for the golden vectors. The first lines are those of Dockerfile, so that the
# engine makes them once.
FROM debian:bookworm-slim AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends cmake g++ libboost-dev libcrypto++-dev make \
 && rm -rf /var/lib/apt/lists/*
RUN apt-get update \
 && apt-get install -y --no-install-recommends nlohmann-json3-dev \
 && rm -rf /var/lib/apt/lists/*
COPY CMakeLists.txt /client/
COPY src /client/src
COPY tests /client/tests
RUN cmake -S /client -B /client/build -DSANITIZE=ON && cmake --build /client/build --parallel \
 && cp /client/build/client /client/build/vectors_test /usr/local/bin/
WORKDIR /data
VOLUME /data
CMD ["client"]
