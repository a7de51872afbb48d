import { createDefine } from "fresh";

export default createDefine<unknown>().layout(({ Component }) => (
  <section class="items">
    <Component />
  </section>
));
