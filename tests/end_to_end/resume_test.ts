import { seed } from "../../core/mod.ts";
import { checkResume } from "../commands/resume.ts";

Deno.test("train to 2N = kill -9 at a random moment, resume to 2N: ten random moments", async () => {
  await checkResume(seed(10), 10);
});
