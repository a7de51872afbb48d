import { createDefine, HttpError } from "fresh";

export default createDefine<unknown>().page(({ error }) => (
  <main class="error">{error instanceof HttpError ? `${error.status} ${error.message}` : "?"}</main>
));
