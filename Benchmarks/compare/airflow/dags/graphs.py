"""The measured graphs for Airflow. martlet_side.py has the same ones for Martlet."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG


def step(name):
    return BashOperator(task_id=name, bash_command="/bin/true")


with DAG("chain_40", schedule=None, max_active_tasks=8) as chain:
    before = None
    for number in range(1, 41):
        this = step(f"s{number}")
        if before is not None:
            before >> this
        before = this

with DAG("fan_200", schedule=None, max_active_tasks=8) as fan:
    step("first") >> [step(f"m{number}") for number in range(1, 201)] >> step("last")

# Three layers of three, each step after all of the layer before, and one at the end.
with DAG("ten", schedule=None, max_active_runs=50, max_active_tasks=8) as ten:
    layer = [step(f"a{number}") for number in range(1, 4)]
    for letter in "bc":
        following = [step(f"{letter}{number}") for number in range(1, 4)]
        for one in layer:
            one >> following
        layer = following
    layer >> step("last")
