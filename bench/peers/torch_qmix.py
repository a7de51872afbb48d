"""A gradient step of QMIX in PyTorch at one thread; see torch_learner.py.

Written as EPyMARL writes it (QLearner.train with QMixer): the agents' network is asked time step by time step, the
target network too, double Q-learning, hypernetworks of two layers, gradient norm clipped, Adam. `tuned` takes all steps
of an episode at once and the fused Adam.
"""

from torch_learner import adam, nn, perceptron, put_gru, put_linear, put_perceptron, received_all, serve, torch


class Agents(nn.Module):
    """Values of one observation each: feed-forward, or a layer, a GRU and a layer."""

    def __init__(self, inputs, hidden, memory, actions, tuned):
        super().__init__()
        self.memory, self.tuned = memory, tuned
        if memory == 0:
            self.net = perceptron([inputs, *hidden, actions], nn.ReLU)
        else:
            self.net = nn.Sequential(*perceptron([inputs, *hidden], nn.ReLU), nn.ReLU())
            self.gru = nn.GRU(hidden[-1], memory) if tuned else nn.GRUCell(hidden[-1], memory)
            self.out = nn.Linear(memory, actions)

    def put(self, named):
        put_perceptron(self.net, named, "q")
        if self.memory:
            put_gru(self.gru, named, "q.gru", "_l0" if self.tuned else "")
            put_linear(self.out, named["q.out.w"], named["q.out.b"])

    def along(self, obs):
        """[N, L, M, O] to [N, L, M, A]"""
        n, length, m, _ = obs.shape
        if self.tuned:
            if not self.memory:
                return self.net(obs)
            x = self.net(obs).transpose(0, 1).reshape(length, n * m, -1)
            return self.out(self.gru(x)[0]).reshape(length, n, m, -1).transpose(0, 1)
        hidden = torch.zeros(n * m, self.memory)
        values = []
        for t in range(length):
            x = self.net(obs[:, t].reshape(n * m, -1))
            if self.memory:
                hidden = self.gru(x, hidden)
                x = self.out(hidden)
            values.append(x.view(n, m, -1))
        return torch.stack(values, dim=1)


class Mixer(nn.Module):
    def __init__(self, state, agents, mixing, hyper):
        super().__init__()
        self.agents, self.mixing = agents, mixing
        self.w1 = perceptron([state, hyper, agents * mixing], nn.ReLU)
        self.b1 = perceptron([state, mixing], nn.ReLU)
        self.w2 = perceptron([state, hyper, mixing], nn.ReLU)
        self.v = perceptron([state, mixing, 1], nn.ReLU)

    def put(self, named):
        for part in ("w1", "b1", "w2", "v"):
            put_perceptron(getattr(self, part), named, f"mix.{part}")

    def forward(self, values, states):
        """[N, L, M] and [N, L, S] to [N, L, 1]"""
        n = values.shape[0]
        states = states.reshape(-1, states.shape[-1])
        values = values.reshape(-1, 1, self.agents)
        w1 = self.w1(states).abs().view(-1, self.agents, self.mixing)
        b1 = self.b1(states).view(-1, 1, self.mixing)
        hidden = nn.functional.elu(torch.bmm(values, w1) + b1)
        w2 = self.w2(states).abs().view(-1, self.mixing, 1)
        v = self.v(states).view(-1, 1, 1)
        return (torch.bmm(hidden, w2) + v).view(n, -1, 1)


class Update:
    def __init__(self, job):
        self.hyper, self.steps, self.tuned = job["hyper"], job["steps"], job["tuned"]
        self.data = received_all(job["data"])
        self.theta, self.target = received_all(job["theta"]), received_all(job["target"])
        agents, inputs = self.data["obs"].shape[2:]
        actions, state = self.data["mask"].shape[-1], self.data["state"].shape[-1]
        sizes = (inputs, job["hidden"], job["memory"], actions, self.tuned)
        self.net, self.target_net = Agents(*sizes), Agents(*sizes)
        mixing = (state, agents, job["mixing"], job["hyperUnits"])
        self.mixer, self.target_mixer = Mixer(*mixing), Mixer(*mixing)

    def restart(self):
        for part in (self.net, self.mixer):
            part.put(self.theta)
        for part in (self.target_net, self.target_mixer):
            part.put(self.target)
        self.parameters = [*self.net.parameters(), *self.mixer.parameters()]
        self.adam = adam(self.parameters, self.hyper["rate"], self.tuned)

    def step(self, _):
        d, gamma = self.data, self.hyper["gamma"]
        values = self.net.along(d["obs"])
        chosen = torch.gather(values[:, :-1], 3, d["action"].unsqueeze(3)).squeeze(3)
        with torch.no_grad():
            future = self.target_net.along(d["obs"])
            legal = values.detach().clone()
            legal[d["mask"] == 0] = -9999999
            best = legal.max(dim=3, keepdim=True)[1]
            future = torch.gather(future, 3, best).squeeze(3)
            future = self.target_mixer(future, d["state"])[:, 1:]
            goal = d["reward"].unsqueeze(2) + gamma * d["goesOn"].unsqueeze(2) * future
        mixed = self.mixer(chosen, d["state"][:, :-1])
        filled = d["filled"].unsqueeze(2)
        error = (mixed - goal) * filled
        loss = (error**2).sum() / filled.sum()
        self.adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, self.hyper["maxNorm"])
        self.adam.step()
        return {"loss": loss, "value": (mixed * filled).sum() / filled.sum()}


serve(Update)
