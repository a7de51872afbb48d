export default async function New() {
  return await Promise.resolve(<h1>New item</h1>);
}
