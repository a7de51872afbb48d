"""A gradient step of Soft Actor-Critic in PyTorch at one thread; see torch_learner.py.

Written as CleanRL writes it (sac_continuous_action.py): two critics in one Adam, the actor and the temperature after
them, the target critics moved parameter by parameter. The noise comes from the asker. `tuned` takes the fused Adam and
moves the target critics in one call.
"""

from torch_learner import adam, nn, perceptron, put_perceptron, received_all, serve, torch


class Update:
    def __init__(self, job):
        self.hyper, self.steps, self.tuned = job["hyper"], job["steps"], job["tuned"]
        self.low, self.high = job["logStd"]
        self.batches = [received_all(batch) for batch in job["batches"]]
        self.theta = {group: received_all(named) for group, named in job["theta"].items()}
        one = self.batches[0]
        observation, actions = one["obs"].shape[1], one["action"].shape[1]
        width = job["width"]
        critic = lambda: perceptron([observation + actions, width, width, 1], nn.ReLU)
        self.critics, self.targets = nn.ModuleList([critic(), critic()]), nn.ModuleList([critic(), critic()])
        self.trunk = nn.Sequential(*perceptron([observation, width, width], nn.ReLU), nn.ReLU())
        self.mean, self.log_std = nn.Linear(width, actions), nn.Linear(width, actions)
        self.actor = nn.ModuleList([self.trunk, self.mean, self.log_std])

    def restart(self):
        for nets in (self.critics, self.targets):
            for i, net in enumerate(nets):
                put_perceptron(net, self.theta["critic"], f"q{i + 1}")
        named = self.theta["actor"]
        put_perceptron(self.trunk, named, "pi")
        with torch.no_grad():
            actions = self.mean.out_features
            for k, head in enumerate((self.mean, self.log_std)):
                head.weight.copy_(named["pi.w2"].T[k * actions : (k + 1) * actions])
                head.bias.copy_(named["pi.b2"][k * actions : (k + 1) * actions])
        self.log_alpha = torch.zeros(1, requires_grad=True)
        rates = self.hyper["criticRate"], self.hyper["actorRate"]
        self.q_adam = adam(list(self.critics.parameters()), rates[0], self.tuned)
        self.actor_adam = adam(list(self.actor.parameters()), rates[1], self.tuned)
        self.alpha_adam = adam([self.log_alpha], rates[0], self.tuned)

    def act(self, obs, noise):
        x = self.trunk(obs)
        mean, log_std = self.mean(x), torch.tanh(self.log_std(x))
        log_std = self.low + 0.5 * (self.high - self.low) * (log_std + 1)
        std = log_std.exp()
        normal = torch.distributions.Normal(mean, std, validate_args=False if self.tuned else None)
        u = mean + std * noise
        action = torch.tanh(u)
        logp = normal.log_prob(u) - 2 * (0.6931471805599453 - u - nn.functional.softplus(-2 * u))
        return action, logp.sum(1)

    def values(self, nets, obs, action):
        x = torch.cat([obs, action], 1)
        return [net(x).view(-1) for net in nets]

    def step(self, i):
        b, h = self.batches[i], self.hyper
        alpha = self.log_alpha.exp().item()
        with torch.no_grad():
            next_action, next_logp = self.act(b["nextObs"], b["nextNoise"])
            future = torch.min(*self.values(self.targets, b["nextObs"], next_action)) - alpha * next_logp
            goal = b["reward"] + b["goesOn"] * h["gamma"] * future
        q = sum(nn.functional.mse_loss(value, goal) for value in self.values(self.critics, b["obs"], b["action"]))
        self.q_adam.zero_grad()
        q.backward()
        self.q_adam.step()

        action, logp = self.act(b["obs"], b["noise"])
        pi = (alpha * logp - torch.min(*self.values(self.critics, b["obs"], action))).mean()
        self.actor_adam.zero_grad()
        pi.backward()
        self.actor_adam.step()

        temperature = (-self.log_alpha.exp() * (logp.detach() + h["target"])).mean()
        self.alpha_adam.zero_grad()
        temperature.backward()
        self.alpha_adam.step()

        with torch.no_grad():
            if self.tuned:
                torch._foreach_lerp_(list(self.targets.parameters()), list(self.critics.parameters()), h["tau"])
            else:
                for parameter, target in zip(self.critics.parameters(), self.targets.parameters()):
                    target.copy_(h["tau"] * parameter + (1 - h["tau"]) * target)
        return {"q": q, "pi": pi, "temperature": temperature}


serve(Update)
