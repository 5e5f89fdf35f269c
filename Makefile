# A thin wrapper: `./dev` is the front door and needs no make.
.PHONY: run test check fmt soak bench screenshots lock
run test check fmt soak bench screenshots lock:
	@./dev $@ $(ARGS)
