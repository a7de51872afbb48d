"""Reads a run's event files back by TensorBoard itself and compares every number with metrics.jsonl beside them.

    pip install tensorboard==2.21.0
    python tools/tensorboard_check.py runs/NAME

Prints how many numbers agree; the exit code is 1 where one is missing or another.
"""

import json
import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def main(folder):
    events = EventAccumulator(folder, size_guidance={"scalars": 0})
    events.Reload()
    read = {
        (event.step, tag): event.value
        for tag in events.Tags()["scalars"]
        for event in events.Scalars(tag)
    }
    wrong = 0
    count = 0
    for line in Path(folder, "metrics.jsonl").read_text().splitlines():
        record = json.loads(line)
        step = record.pop("step")
        for tag, value in record.items():
            count += 1
            found = read.get((step, tag))
            if found is None or abs(found - value) > 1e-6 * max(1, abs(value)):
                wrong += 1
                print(f"step {step}, {tag}: TensorBoard reads {found}, metrics.jsonl says {value}")
    print(f"{count - wrong} of {count} numbers agree")
    return 1 if wrong or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
