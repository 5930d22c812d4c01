package main
import ("testing";"talentmatch/index";"talentmatch/index/taxonomy";"math")
func TestZZ(t *testing.T){
 _ = taxonomy.Fold
 x,err:=index.Open("/tmp/d/c/index"); if err!=nil {t.Fatal(err)}
 defer x.Close()
 try:=func(name string,q index.Query){ q.Limit=1000; r,err:=x.Search(t.Context(),q); if err!=nil{t.Fatal(err)}; n:=0; for _,h:=range r.Hits{ if math.IsNaN(h.Score){n++} }; t.Log(name,len(r.Hits),"NaN",n)}
 try("plain",index.Query{Text:"配方颗粒"})
 for _,l:=range []string{"中药配方颗粒","Chinese medicine formula granules","配方颗粒","TCM granules"} {
  try("concept "+l,index.Query{Text:"配方颗粒",Concepts:[]index.Concept{{Text:"配方颗粒",Skills:[]string{"sk.formula-granules"},Labels:[]string{l}}}})
  try("text "+l,index.Query{Text:l})
  try("phrase "+l,index.Query{Text:`"`+l+`"`})
 }
 try("concept none",index.Query{Text:"配方颗粒",Concepts:[]index.Concept{{Text:"配方颗粒",Skills:[]string{"sk.formula-granules"}}}})
}
