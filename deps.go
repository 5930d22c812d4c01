//go:build deps

package deps
import (
 _ "github.com/blevesearch/bleve/v2"
 _ "github.com/blevesearch/bleve/v2/index/scorch"
 _ "github.com/gin-gonic/gin"
 _ "github.com/danielgtaylor/huma/v2"
 _ "github.com/danielgtaylor/huma/v2/adapters/humagin"
 _ "github.com/swaggest/swgui/v5emb"
 _ "gonum.org/v1/gonum/mat"
 _ "modernc.org/sqlite"
 _ "github.com/xuri/excelize/v2"
 _ "golang.org/x/text/encoding/simplifiedchinese"
 _ "golang.org/x/sync/errgroup"
 _ "golang.org/x/time/rate"
 _ "github.com/alecthomas/kong"
 _ "github.com/prometheus/client_golang/prometheus/promhttp"
 _ "github.com/schollz/progressbar/v3"
 _ "github.com/pressly/goose/v3"
 _ "pgregory.net/rapid"
)
