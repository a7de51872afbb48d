"""JaxMARL's MPE_simple_spread_v3, compiled for the CPU; see python.ts."""

import json
import os
import sys
import time
from importlib.metadata import version

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

ENVS = 4096
AGENTS = 3
CYCLES = 25


# The package greets on stdout, where only answers belong: they keep it, and all else goes to stderr.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def say(answer):
    print(json.dumps(answer), file=answers, flush=True)


try:
    import jax

    from jaxmarl import make
except ImportError as error:
    say({"missing": error.name})
    sys.exit(0)


def main():
    env = make("MPE_simple_spread_v3")

    def episode(key):
        """One episode of one environment with random actions; the sum keeps the compiler from leaving work out."""
        _, state = env.reset(key)

        def step(carry, key):
            state, total = carry
            keys = jax.random.split(key, AGENTS + 1)
            actions = {a: env.action_space(a).sample(k) for a, k in zip(env.agents, keys)}
            obs, state, rewards, _, _ = env.step(keys[-1], state, actions)
            return (state, total + sum(rewards.values()) + sum(o.sum() for o in obs.values())), None

        (_, total), _ = jax.lax.scan(step, (state, 0.0), jax.random.split(key, CYCLES))
        return total

    play = jax.jit(jax.vmap(episode))
    keys = jax.random.split(jax.random.PRNGKey(0), ENVS)
    play(keys).block_until_ready()
    say({"version": f"{version('jaxmarl')} (jax {version('jax')}, E={ENVS})"})
    for line in sys.stdin:
        seconds = json.loads(line)["seconds"]
        start = time.process_time()
        work = 0
        while time.process_time() - start < seconds:
            play(keys).block_until_ready()
            work += ENVS * AGENTS * CYCLES
        say({"work": work, "seconds": time.process_time() - start})


main()
