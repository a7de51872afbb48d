/** A run's policy is judged in a changed world where that is one it can act in, and refused elsewhere. */
import assert from "node:assert/strict";
import { inFolder, paddock, smallRun } from "./command.ts";

Deno.test("evaluate RUN heeds --realism, --param and --limit, says so, and refuses what a run cannot change", () =>
  inFolder(async (folder) => {
    const slippery =
      "train --scenario safe/robot_swap --algorithm ippo --set horizon=10 hidden=[8] --envs 4 " +
      "--steps 80 --evaluate-every 0 --report-episodes 2 --name b";
    for (const flags of [[...smallRun, "--steps", "400", "--name", "a"], slippery.split(" ")]) {
      const trained = await paddock(flags, folder);
      assert.equal(trained.code, 0, trained.err);
    }
    const evaluations = () => [...Deno.readDirSync(`${folder}/runs/a/evaluations`)].length;
    const before = evaluations();
    const judge = (more: string, run = "a") =>
      paddock(`evaluate ${run} --episodes 20 ${more}`.split(" "), folder);
    const [plain, noisy, still, limited, told, ...refused] = await Promise.all([
      judge("--json"),
      judge("--json --realism sensorNoise=3"),
      judge("--json --param slip=1", "b"),
      judge("--json --limit contact=0"),
      judge("--realism sensorNoise=3 --limit contact=0"),
      judge("--param N=3"),
      judge("--param n=1"),
      judge("--scenario safe/crossing"),
      judge("--actions discrete"),
    ]);
    const [own, noise, unmoved, strict] = [plain, noisy, still, limited].map(({ out, err }) => {
      assert.ok(out.startsWith("{"), err);
      return JSON.parse(out);
    });
    assert.equal(own.changed, undefined);
    assert.notDeepEqual(noise.return, own.return);
    assert.deepEqual(noise.changed.params.realism, [{ sensorNoise: { deviation: 3 } }]);
    assert.deepEqual([unmoved.costs.collision.mean, unmoved.costs.collision.worst], [0, 0]); // none ever moves
    assert.deepEqual(strict.return, own.return);
    assert.equal(strict.costs.contact.limit, 0);
    assert.deepEqual(strict.changed.limits, [{ channel: "contact", limit: 0 }]);
    assert.match(told.out, /not as it was trained: sensorNoise=3, limit contact=0/);
    assert.equal(evaluations(), before + 1, "only what was judged as it was trained is the run's");
    assert.deepEqual(refused.map(({ code }) => code), [2, 2, 2, 2]);
    const messages = [
      /N: the policy was trained for agents .*, and this makes it/,
      /no setting "n"\..* It has: N/,
      /leave out --scenario/,
      /leave out --actions/,
    ];
    refused.forEach(({ err }, i) => assert.match(err, messages[i]!));
  }));
