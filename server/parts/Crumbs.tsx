/**
 * @module
 */

interface Props {
  /** Name and address of each page above this one, the outermost first. */
  readonly trail: readonly (readonly [string, string])[];
  readonly here: string;
}

/** Where this page stands below the list of runs. */
export function Crumbs({ trail, here }: Props) {
  return (
    <nav class="crumbs" aria-label="Breadcrumb">
      <ol>
        {trail.map(([name, href]) => (
          <li key={href}>
            <a href={href}>{name}</a>
          </li>
        ))}
        <li aria-current="page">{here}</li>
      </ol>
    </nav>
  );
}
