import { createDefine } from "fresh";

export default createDefine<unknown>().layout(({ Component }) => (
  <html lang="en">
    <head>
      <title>Fixture</title>
    </head>
    <body>
      <Component />
    </body>
  </html>
));
