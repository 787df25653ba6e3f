"""Tries the promise of ``writer="animate"``, matplotlib's very pixels, on figures that other people wrote.

Each script of matplotlib's gallery is run; each figure that it leaves becomes an animation that changes its artists at
random; matplotlib's own writer and ours save it, and every frame is compared. Each difference is one line.

::

    python -m tests.gallery                          # a sample of 120 scripts
    python -m tests.gallery --scripts all --seeds 10
    python -m tests.gallery --only table_demo --seeds 5 --verbose
    python -m tests.gallery --scripts all --speed    # time beside stock and beside one full draw a frame
    python -m tests.gallery --idioms --speed         # a table of the usual ways to animate
    python -m tests.gallery --cases                  # animations that read what a draw leaves behind
    python -m tests.gallery --project networkx       # the examples of another project, which must be installed
    python -m tests.gallery --packages               # plots of pandas, seaborn, networkx and others

Needs pip's package index once, for the source archive of the installed matplotlib; it is not built.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path

os.environ.setdefault("ANIMATE_STRICT", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ["MPLBACKEND"] = "agg"


NO_ARCHIVE = 3
"""The exit code if the scripts cannot be had."""
PACKAGES = Path(__file__).parent / "packages"


def main(arguments: list[str] | None = None) -> int:
    """Run it and return the exit code: 1 if the library was at fault anywhere."""
    options = parse(arguments)
    leave_out(options.without)
    from tests.gallery.archive import ArchiveError

    try:
        jobs = jobs_for(options)
    except ArchiveError as error:
        say(str(error))
        return NO_ARCHIVE
    return report(jobs, options)


def jobs_for(options: argparse.Namespace) -> list:
    """Return what to run."""
    from tests.gallery.archive import example_scripts
    from tests.gallery.idioms import CASES, IDIOMS, idiom_jobs

    if options.idioms or options.cases:
        n_frames = options.frames or (30 if options.speed else 8)
        table = CASES if options.cases else IDIOMS
        return idiom_jobs(table, options.only or [], n_frames=n_frames, limit=options.limit, with_speed=options.speed)
    options.frames = options.frames or 6
    return script_jobs(options, PACKAGES if options.packages else example_scripts(options.project))


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Return the options of the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.gallery", description=__doc__.partition("\n")[0])
    parser.add_argument("--scripts", default="120", metavar="N|all", help="how many scripts (default: %(default)s)")
    parser.add_argument("--seeds", type=int, default=1, metavar="K", help="seeds per script (default: %(default)s)")
    parser.add_argument("--first-seed", type=int, default=0, metavar="S", help="the first of them")
    parser.add_argument("--frames", type=int, metavar="N", help="frames per animation (default: 6)")
    parser.add_argument("--only", action="append", metavar="NAME", help="only scripts whose path holds NAME")
    parser.add_argument(
        "--without", action="append", default=[], metavar="CHANGE", help="leave out a change by its name"
    )
    parser.add_argument("--jobs", type=int, default=2, metavar="J", help="processes (default: %(default)s)")
    parser.add_argument("--limit", type=float, default=120.0, metavar="S", help="seconds per script and seed")
    parser.add_argument("--speed", action="store_true", help="time each beside stock and beside one draw a frame")
    parser.add_argument("--idioms", action="store_true", help="try the idioms in the place of the gallery")
    parser.add_argument("--cases", action="store_true", help="try animations that read what a draw leaves behind")
    parser.add_argument("--project", default="matplotlib", help="whose examples: matplotlib, networkx or scikit-learn")
    parser.add_argument("--packages", action="store_true", help="try the scripts against other packages instead")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all results to FILE")
    parser.add_argument("--verbose", action="store_true", help="tell of each fault what the updates did")
    return parser.parse_args(arguments)


def leave_out(names: list[str]) -> None:
    """Take changes out of the tables, to see past a fault that is known."""
    from tests.gallery import mutate

    for table in (mutate.GENERAL, mutate.DATA, mutate.ARTISTS, mutate.AXES):
        table[:] = [(fits, change) for fits, change in table if change.__name__ not in names]
    for plain in (mutate.FIGURE, mutate.READINGS):
        plain[:] = [change for change in plain if change.__name__ not in names]


def say(line: str) -> None:
    """Write one line to the standard output, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def sample(scripts: list[Path], count: str) -> list[Path]:
    """Return so many scripts, spread over all folders: always the same ones."""
    if count == "all" or int(count) >= len(scripts):
        return scripts
    return [scripts[index * len(scripts) // int(count)] for index in range(int(count))]


def script_jobs(options: argparse.Namespace, folder: Path) -> list:
    """Return one job for each script."""
    from tests.gallery.scripts import try_script

    scripts = sorted(folder.rglob("*.py"))
    if options.only:
        scripts = [path for path in scripts if any(name in str(path.relative_to(folder)) for name in options.only)]
    else:
        scripts = sample(scripts, options.scripts)
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    jobs = []
    for path in scripts:
        name = str(path.relative_to(folder).with_suffix(""))
        work = partial(
            try_script,
            path,
            name,
            seeds=seeds,
            n_frames=options.frames,
            limit=options.limit / 2,
            with_speed=options.speed,
        )
        jobs.append((name, work))
    return jobs


def report(jobs: list, options: argparse.Namespace) -> int:
    """Run the jobs, print what is not the same, and a summary."""
    from tests.gallery.scripts import run_jobs

    begun, results = time.monotonic(), []
    for result in run_jobs(
        jobs, n_jobs=options.jobs, limit=options.limit * max(options.seeds, 1) * (3 if options.speed else 1)
    ):
        results.append(result)
        if result.status not in ("same", "skipped") or options.verbose or options.speed:
            say(line_of(result))
        if (result.is_fault or result.status == "harness fails") and options.verbose:
            say("  " + "\n  ".join([*result.log, result.trace, result.stderr]))
    counts = Counter(result.status for result in results)
    n_frames = sum(result.frames for result in results)
    took = f"{time.monotonic() - begun:.0f} s"
    say(f"{len(jobs)} scripts, {len(results)} trials, {n_frames} frames, {took}: {dict(counts)}")
    reasons = Counter[str]()
    for result in results:
        reasons.update(result.reasons)
    for reason, count in reasons.most_common():
        say(f"  {count} frames: {reason}")
    if options.idioms and options.speed:
        from tests.gallery.idioms import table

        say(table(results))
    if options.speed:
        print_speed(results)
    if options.json:
        options.json.write_text(json.dumps([result.as_dict() for result in results], indent=1), encoding="utf-8")
    return int(any(result.is_fault for result in results))


def line_of(result) -> str:
    """Return one line about a result."""
    where = f"{result.name}, {result.figure}, seed {result.seed}: {result.status}"
    pixels = ", ".join(f"frame {frame}: {'size' if count < 0 else count}" for frame, count in result.pixels.items())
    shares = [f"{share:.2f} of {name}" for name in ("stock", "one draw") if (share := result.share(name))]
    error = result.error.replace("\n", " ")[:300]
    return ": ".join(filter(None, [where, pixels, error, "time " + ", ".join(shares) if shares else ""]))


def print_speed(results: list) -> None:
    """Print how long ours takes as a share of stock, and of stock with one draw a frame."""
    for beside in ("stock", "one draw"):
        ratios = sorted((share, one.name) for one in results if (share := one.share(beside)) is not None)
        if not ratios:
            continue
        middle = ratios[len(ratios) // 2][0]
        slower = [f"{name} {ratio:.2f}" for ratio, name in reversed(ratios) if ratio > 1.1]
        share = f"{len(slower)} of {len(ratios)} over 1.1"
        say(f"time beside {beside}: median {middle:.2f}, worst {ratios[-1][0]:.2f}; {share}")
        for line in slower[:30]:
            say(f"  {line}")


if __name__ == "__main__":
    sys.exit(main())
