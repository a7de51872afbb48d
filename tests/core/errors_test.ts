import assert from "node:assert/strict";
import { UsageError, UserError } from "../../core/mod.ts";

Deno.test("a UserError ends a command with 1, a UsageError with 2", () => {
  const user = new UserError("the file is truncated");
  const usage = new UsageError("no such flag");
  assert.deepEqual([user.name, user.exitCode, user.message], ["UserError", 1, "the file is truncated"]);
  assert.deepEqual([usage.name, usage.exitCode], ["UsageError", 2]);
  assert.ok(user instanceof Error && usage instanceof UserError);
});
