// jStat comes without types; these are of what is used.
declare module 'jstat' {
  const jStat: {
    readonly studentt: {
      /** The quantile function. @param p probability @param dof degrees of freedom */
      inv(p: number, dof: number): number;
    };
  };
  export default jStat;
}
