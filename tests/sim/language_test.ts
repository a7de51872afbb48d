/**
 * Everything that the scenario language can say, on both backends.
 *
 * @module
 */
import { cases, CHECKS, made, together } from "../conformance/worlds.ts";
import { everything, SIZES } from "./everything.ts";

for (const params of SIZES) {
  for (const it of cases(everything, { params })) {
    Deno.test(`${it.name}: eval = js, bit for bit`, () => {
      together(made(it, { envs: 2 }), made(it, { envs: 2, backend: "eval" }), 25);
    });
  }
}

const [small] = cases(everything);
for (const [name, check] of Object.entries(CHECKS)) {
  Deno.test(`${small!.name}: ${name}`, () => check(small!));
}
