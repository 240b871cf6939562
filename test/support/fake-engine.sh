#!/bin/sh
# Stands for docker: writes down what it is asked, and runs a container as a process that waits.
echo "$*" >> "$FAKE_ENGINE_LOG"
running="$FAKE_ENGINE_LOG.pid"
case $1 in
  run)
    echo $$ > "$running"
    exec sleep 600
    ;;
  kill)
    pid=$(cat "$running")
    rm "$running"
    kill -s "${3#SIG}" "$pid"
    ;;
esac
