import { HttpError } from "fresh";
import { define } from "../define.ts";

export default define.page(({ error, state }) => {
  const { status, message } = error instanceof HttpError ? error : new HttpError(500);
  state.title = String(status);
  return (
    <section class="empty">
      <p class="empty-code">{status}</p>
      <h1>{message}</h1>
      <p>
        {status >= 500
          ? "The server wrote the reason to its terminal."
          : "It may have been renamed or removed since the link was made."}
      </p>
      <p>
        <a class="button" href="/">All runs</a>
      </p>
    </section>
  );
});
