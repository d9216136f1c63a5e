# Everything is done by tools/bootstrap.py; make only finds a Python that can read it.
# Options are variables: make up PORT=9000 DEMO=0 · make test ARGS="-k inbox" · make reset YES=1 · PYTHON=/path/to/python3.12
PYTHON := $(or $(PYTHON),$(shell for p in python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null && command -v $$p && break; done))
ifeq ($(PYTHON),)
$(error Python 3.11 or 3.12 is needed and none was found: install one (Debian, Ubuntu: apt install python3 python3-venv) or name it, make PYTHON=/path/to/python3.12)
endif

.PHONY: up test soak bench doctor backup reset lock
up test soak bench doctor backup reset lock:
	@$(PYTHON) tools/bootstrap.py $@
