"""PPO on CartPole in PyTorch and Gymnasium at one thread, asked by lines of JSON on stdin; see python.ts.

A plain loop of our own with the settings and the details of CleanRL's ppo.py: tanh networks of 64 and 64 with orthogonal
weights, Adam with eps 1e-5 and a rate that falls to 0, advantages normalised by minibatch, clipped value loss, one norm
for all gradients. Environments begin anew in the step in which they end.
"""

import json
import sys
import time
from importlib.metadata import version
from platform import python_version


def say(answer):
    print(json.dumps(answer), flush=True)


try:
    import gymnasium as gym
    import numpy as np
    import torch
    from torch import nn
except ImportError as error:
    say({"missing": error.name})
    sys.exit(0)

torch.set_num_threads(1)


def layer(a, b, gain=2**0.5):
    linear = nn.Linear(a, b)
    nn.init.orthogonal_(linear.weight, gain)
    nn.init.constant_(linear.bias, 0.0)
    return linear


def network(inputs, hidden, outputs, gain):
    first, second = hidden
    return nn.Sequential(
        layer(inputs, first), nn.Tanh(), layer(first, second), nn.Tanh(), layer(second, outputs, gain)
    )


def train(seed, steps, count, last, s):
    torch.manual_seed(seed)
    np.random.seed(seed)
    mode = gym.vector.AutoresetMode.SAME_STEP
    envs = gym.make_vec("CartPole-v1", num_envs=count, vectorization_mode="sync", vector_kwargs={"autoreset_mode": mode})
    actor, critic = network(4, s["hidden"], 2, 0.01), network(4, s["hidden"], 1, 1.0)
    parameters = [*actor.parameters(), *critic.parameters()]
    adam = torch.optim.Adam(parameters, lr=s["rate"], eps=1e-5)
    horizon = s["horizon"]
    batch = horizon * count
    minibatch = batch // s["minibatches"]
    updates = steps // batch
    obs = torch.zeros(horizon, count, 4)
    actions, logps, rewards, dones, values = (torch.zeros(horizon, count) for _ in range(5))
    seen, _ = envs.reset(seed=seed)
    seen, done = torch.tensor(seen), torch.zeros(count)
    running, returns = np.zeros(count), []
    for update in range(updates):
        adam.param_groups[0]["lr"] = (1 - update / updates) * s["rate"]
        for t in range(horizon):
            obs[t], dones[t] = seen, done
            with torch.no_grad():
                pi = torch.distributions.Categorical(logits=actor(seen))
                action = pi.sample()
                actions[t], logps[t], values[t] = action, pi.log_prob(action), critic(seen).flatten()
            seen, reward, terminated, truncated, _ = envs.step(action.numpy())
            rewards[t] = torch.tensor(reward)
            over = terminated | truncated
            running += reward
            if update * batch >= steps - last:
                returns += running[over].tolist()
            running[over] = 0
            seen, done = torch.tensor(seen), torch.tensor(over, dtype=torch.float32)
        with torch.no_grad():
            advantages = torch.zeros_like(rewards)
            future, following, alive = torch.zeros(count), critic(seen).flatten(), 1 - done
            for t in reversed(range(horizon)):
                delta = rewards[t] + s["gamma"] * following * alive - values[t]
                advantages[t] = future = delta + s["gamma"] * s["lambda"] * alive * future
                following, alive = values[t], 1 - dones[t]
            targets = advantages + values
        flat = [x.flatten(0, 1) for x in (obs, actions, logps, advantages, targets, values)]
        order = np.arange(batch)
        for _ in range(s["epochs"]):
            np.random.shuffle(order)
            for start in range(0, batch, minibatch):
                o, a, logp, advantage, target, value = (x[order[start : start + minibatch]] for x in flat)
                pi = torch.distributions.Categorical(logits=actor(o))
                ratio = (pi.log_prob(a) - logp).exp()
                advantage = (advantage - advantage.mean()) / (advantage.std() + 1e-8)
                clipped = ratio.clamp(1 - s["clip"], 1 + s["clip"])
                policy = torch.max(-advantage * ratio, -advantage * clipped).mean()
                new = critic(o).flatten()
                near = value + (new - value).clamp(-s["clip"], s["clip"])
                error = 0.5 * torch.max((new - target) ** 2, (near - target) ** 2).mean()
                loss = policy - s["entropy"] * pi.entropy().mean() + 0.5 * error
                adam.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(parameters, s["maxNorm"])
                adam.step()
    envs.close()
    return float(np.mean(returns))


def main():
    say({"version": f"{version('torch')} and {version('gymnasium')} (CPython {python_version()}, 1 thread)"})
    for line in sys.stdin:
        request = json.loads(line)
        start = time.process_time()
        found = train(request["seed"], request["steps"], request["envs"], request["last"], request["settings"])
        say({"return": found, "seconds": time.process_time() - start})


main()
