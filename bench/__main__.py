"""Every benchmark, one after the other: `make bench`."""

from bench import coverage, run

if __name__ == "__main__":
    coverage.main()
    run.main()
